// Sources beside an indication, a criterion, a decision: each row gets the box with which texts cite, too.
import { pick } from "./pick.js"

function offer(row) {
  const select = row.querySelector("select[name$=-reference]")
  if (!select || row.querySelector(".pick-source")) return
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button pick-source" })
  button.textContent = "Find or add a source"
  button.addEventListener("click", async () => {
    const chosen = await pick()
    if (!chosen) return
    const answer = await fetch(`/admin/references/reference/cite/?q=${encodeURIComponent(chosen.ref)}`, { credentials: "same-origin" })
    const { references } = await answer.json()
    const found = references.find((one) => one.key === chosen.ref)
    if (!found) return
    select.append(new Option(`${found.key}: ${found.title}`, found.pk, true, true))
    select.dispatchEvent(new Event("change", { bubbles: true }))
    const locator = row.querySelector("input[name$=-locator]")
    if (locator && !locator.value) locator.value = chosen.locator
    button.focus()
  })
  select.closest("td, .form-row, div")?.append(button)
}

const all = () => document.querySelectorAll("tr.form-row:not(.empty-form)").forEach(offer)
all()
document.addEventListener("formset:added", all)
