// Gives fields that scripts replace (the rich-text editor, searchable lists) the name of their label for screen readers.
"use strict"
{
  const nameOf = (field) =>
    document.querySelector(`label[for="${field.id}"]`)?.textContent.trim().replace(/:$/, "")

  addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const name = nameOf(textarea)
    if (name) editor.view.dom.setAttribute("aria-label", name)
  })

  const nameList = (box) => {
    const list = box.closest(".select2-container").previousElementSibling
    const name = list && nameOf(list)
    if (!name) return
    const rendered = box.querySelector(".select2-selection__rendered")
    const shown = rendered?.title
    rendered?.removeAttribute("role") // the box around it is the field
    rendered?.removeAttribute("aria-readonly")
    box.removeAttribute("aria-labelledby")
    box.setAttribute("aria-label", shown ? `${name}: ${shown}` : name)
  }
  // The lists are put in place, and filled anew, by a script of their own, whenever it is ready.
  new MutationObserver(() => document.querySelectorAll(".select2-selection[aria-labelledby]").forEach(nameList)).observe(
    document,
    { childList: true, subtree: true },
  )
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.(".select2-selection")) nameList(target)
  })
}
