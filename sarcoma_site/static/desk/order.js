// Rows that can be dragged (django-admin-sortable2) can also be moved with the keyboard, one place at a time.
"use strict"
{
  const rows = (list) => [...list.querySelectorAll(".has_original")]

  const renumber = (list) => {
    rows(list).forEach((row, place) => {
      const order = row.querySelector("input._reorder_")
      if (order) order.value = place + 1
    })
  }

  const move = (row, list, step) => {
    const all = rows(list)
    const other = all[all.indexOf(row) + step]
    if (!other) return
    if (step < 0) other.before(row)
    else other.after(row)
    renumber(list)
    const said = list.querySelector(".order-said")
    said.textContent = `Moved to place ${rows(list).indexOf(row) + 1} of ${all.length}. Save to keep it.`
  }

  const button = (text, label, act) => {
    const made = document.createElement("button")
    Object.assign(made, { type: "button", textContent: text, title: label, className: "order-button" })
    made.setAttribute("aria-label", label)
    made.addEventListener("click", () => {
      act()
      made.focus()
    })
    return made
  }

  addEventListener("DOMContentLoaded", () => {
    for (const list of document.querySelectorAll("fieldset.sortable")) {
      const said = document.createElement("p")
      said.className = "order-said help"
      said.setAttribute("role", "status")
      list.append(said)
      for (const row of rows(list)) {
        const place = row.querySelector(".sort")
        if (!place) continue
        place.replaceChildren(
          button("↑", "Move up", () => move(row, list, -1)),
          button("↓", "Move down", () => move(row, list, 1)),
        )
      }
    }
  })
}
