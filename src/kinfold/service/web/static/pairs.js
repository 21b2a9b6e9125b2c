// Lets a single key press a button that has it as its access key, for somebody who decides about many pairs. Only on a page
// where it was asked for, and never while something is being typed. Without a script the access keys work as ever.
document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return
  if (event.target.closest('input, textarea, select, [contenteditable]')) return
  const button = document.querySelector(`button[accesskey="${CSS.escape(event.key.toLowerCase())}"]`)
  if (!button) return
  event.preventDefault()
  button.click()
})
