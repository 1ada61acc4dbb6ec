// A code opens once: the second of two clicks would find it used, and end the session that the first began.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = true
  })
}
