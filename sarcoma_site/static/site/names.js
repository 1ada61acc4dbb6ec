// Offers names while somebody types. The box is a plain form without it. A choice is looked for, no more.
const form = document.querySelector("form[data-names]")
if (form) {
  const made = tag => document.createElement(tag)
  const input = form.elements.q, list = made("ul"), said = made("p")
  let active = -1, asked, timer
  list.id = "search-names"
  list.hidden = true
  list.setAttribute("role", "listbox")
  list.ariaLabel = "Names"
  said.className = "unseen"
  said.setAttribute("role", "status")
  input.parentNode.append(list, said)
  input.setAttribute("role", "combobox")
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-controls", list.id)
  input.setAttribute("aria-expanded", "false")

  const close = () => {
    list.hidden = true
    active = -1
    input.setAttribute("aria-expanded", "false")
    input.removeAttribute("aria-activedescendant")
  }
  const stop = () => {
    clearTimeout(timer)
    asked?.abort()
    close()
  }
  const point = to => {
    list.children[active]?.removeAttribute("aria-selected")
    active = (to + list.children.length) % list.children.length
    const option = list.children[active]
    option.setAttribute("aria-selected", "true")
    option.scrollIntoView({ block: "nearest" })
    input.setAttribute("aria-activedescendant", option.id)
  }
  const choose = option => {
    input.value = option.dataset.name
    stop()
    form.requestSubmit()
  }
  const show = names => {
    close()
    list.replaceChildren(...names.map(({ name, what }, place) => {
      const option = made("li"), more = made("span")
      option.id = `search-name-${place}`
      option.dataset.name = name
      option.setAttribute("role", "option")
      more.textContent = what
      option.append(`${name} `, more)
      return option
    }))
    list.hidden = !names.length
    input.setAttribute("aria-expanded", String(!list.hidden))
    said.textContent = names.length ? `${names.length} names to choose from` : ""
  }
  const ask = async () => {
    asked = new AbortController()
    try {
      const q = encodeURIComponent(input.value)
      const answer = await fetch(`${form.dataset.names}?q=${q}`, { signal: asked.signal })
      if (answer.ok) show((await answer.json()).names)
    } catch { /* the form works without names */ }
  }
  input.addEventListener("input", () => {
    stop()
    if (input.value.trim().length > 1) timer = setTimeout(ask, 150)
  })
  input.addEventListener("keydown", event => {
    if (list.hidden) return
    if (event.key === "ArrowDown") point(active + 1)
    else if (event.key === "ArrowUp") point(active < 0 ? -1 : active - 1)
    else if (event.key === "Escape") stop()
    else if (event.key === "Enter" && active >= 0) choose(list.children[active])
    else return
    event.preventDefault()
  })
  input.addEventListener("blur", stop)
  list.addEventListener("mousedown", event => event.preventDefault())
  list.addEventListener("click", event => choose(event.target.closest("li")))
}
