// The box in which an editor picks a source: by search, or by pasting a record or a number that the library lacks.
const SEARCH = "/admin/references/reference/cite/"
const NEW = "/admin/references/reference/cite/add/"
const FORM = "/admin/references/reference/add/?_popup=1"

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes)
  made.append(...children)
  return made
}

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? ""
}

// Ask which reference to cite. Resolves to {ref, title, locator}, or to nothing if the person changed their mind.
export function pick() {
  return new Promise((resolve) => {
    const results = element("ul", { className: "cite-results" })
    const status = element("p", { className: "help", role: "status" })
    const search = element("input", { type: "search", id: "cite-search", className: "vTextField", autocomplete: "off" })
    const locator = element("input", { type: "text", id: "cite-locator", className: "vTextField", maxLength: 80 })
    const record = element("textarea", { id: "cite-new", rows: 4, className: "vLargeTextField", spellcheck: false })
    const add = element("button", { type: "button", className: "button", textContent: "Add it and cite it" })
    const dialog = element(
      "dialog",
      { className: "cite-dialog" },
      element("h2", { textContent: "Cite a source" }),
      element("label", { htmlFor: "cite-search", textContent: "Author, year, title, DOI or PubMed number" }),
      search,
      element("label", { htmlFor: "cite-locator", textContent: "Where in it (page, table), if it matters" }),
      locator,
      status,
      results,
      element(
        "details",
        { className: "cite-new" },
        element("summary", { textContent: "It is not there yet" }),
        element("label", { htmlFor: "cite-new", textContent: "Paste its record (RIS, NBIB, BibTeX, CSL-JSON), its DOI or PubMed number" }),
        record,
        element(
          "p",
          {},
          add,
          " or ",
          element("a", { href: FORM, target: "_blank", rel: "opener", textContent: "type it in by hand" }),
          " in a window of its own, then search for it here.",
        ),
      ),
      element("button", { type: "button", textContent: "Cancel", className: "button", onclick: () => dialog.close() }),
    )
    dialog.setAttribute("aria-label", "Cite a source")
    let chosen
    let newest = 0

    const choose = (one) => {
      chosen = { ref: one.key, title: one.title, locator: locator.value.trim() }
      dialog.close()
    }
    const look = async () => {
      const turn = ++newest
      const answer = await fetch(`${SEARCH}?q=${encodeURIComponent(search.value)}`, { credentials: "same-origin" })
      if (turn !== newest) return
      if (!answer.ok) {
        status.textContent = "The references cannot be searched now. Reload the page and try again."
        return
      }
      const { references } = await answer.json()
      status.textContent = references.length ? "" : "No reference matches."
      results.replaceChildren(
        ...references.map((one) =>
          element(
            "li",
            {},
            element(
              "button",
              { type: "button", onclick: () => choose(one) },
              element("strong", { textContent: one.key }),
              ` ${one.title}${one.year ? ` (${one.year})` : ""}`,
            ),
          ),
        ),
      )
    }
    const bringIn = async () => {
      add.disabled = true
      status.textContent = "Looking …"
      const answer = await fetch(NEW, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-CSRFToken": token() },
        body: new URLSearchParams({ text: record.value }),
      })
      add.disabled = false
      const kind = answer.headers.get("Content-Type") ?? ""
      const said = kind.includes("json") ? await answer.json() : { said: ["It cannot be added now. Reload the page and try again."] }
      if (answer.ok && said.references) choose(said.references[0])
      else status.textContent = said.said.join(" ")
    }
    search.addEventListener("input", look)
    add.addEventListener("click", bringIn)
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault() // not the form behind
    })
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(chosen)
    })
    document.body.append(dialog)
    dialog.showModal()
    look()
  })
}
