// A citation in the rich-text editor: <cite data-ref="KEY" data-locator="p. 12">, picked from the references by search.
import { Node } from "django-prose-editor/editor"
import { pick } from "./pick.js"

async function cite(editor) {
  const chosen = await pick()
  if (chosen) editor.chain().focus().insertContent({ type: "Citation", attrs: { ref: chosen.ref, locator: chosen.locator } }).run()
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
