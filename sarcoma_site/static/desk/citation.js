// A citation in the rich-text editor: <cite data-ref="KEY" data-locator="p. 12">, picked from the references by search.
import { Node } from "django-prose-editor/editor"

const SEARCH = "/admin/references/reference/cite/"

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes)
  made.append(...children)
  return made
}

// Ask which reference to cite. Resolves to {ref, locator}, or to nothing if the person changed their mind.
function pick() {
  return new Promise((resolve) => {
    const results = element("ul", { className: "cite-results" })
    const status = element("p", { className: "help", role: "status" })
    const search = element("input", { type: "search", id: "cite-search", className: "vTextField", autocomplete: "off" })
    const locator = element("input", { type: "text", id: "cite-locator", className: "vTextField", maxLength: 80 })
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
      element("button", { type: "button", textContent: "Cancel", className: "button", onclick: () => dialog.close() }),
    )
    dialog.setAttribute("aria-label", "Cite a source")
    let chosen
    let newest = 0
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
              {
                type: "button",
                onclick: () => {
                  chosen = { ref: one.key, locator: locator.value.trim() }
                  dialog.close()
                },
              },
              element("strong", { textContent: one.key }),
              ` ${one.title}${one.year ? ` (${one.year})` : ""}`,
            ),
          ),
        ),
      )
    }
    search.addEventListener("input", look)
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

async function cite(editor) {
  const chosen = await pick()
  if (chosen) editor.chain().focus().insertContent({ type: "Citation", attrs: chosen }).run()
}

export const Citation = Node.create({
  name: "Citation",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes() {
    const kept = (name) => ({
      default: null,
      parseHTML: (one) => one.getAttribute(name),
      renderHTML: () => ({}),
    })
    return { ref: kept("data-ref"), locator: kept("data-locator") }
  },
  parseHTML() {
    return [{ tag: "cite[data-ref]" }]
  },
  renderHTML({ node }) {
    const attributes = { "data-ref": node.attrs.ref }
    if (node.attrs.locator) attributes["data-locator"] = node.attrs.locator
    return ["cite", attributes, `[${node.attrs.ref}${node.attrs.locator ? `, ${node.attrs.locator}` : ""}]`]
  },
  addKeyboardShortcuts() {
    return {
      "Mod-Alt-c": () => {
        cite(this.editor)
        return true
      },
    }
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "citation",
      groups: "link",
      button: buttons.material("format_quote", "Cite a source (Ctrl+Alt+C)"),
      command: cite,
    })
  },
})
