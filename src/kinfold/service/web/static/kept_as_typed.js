// Keeps a form or a note on the server as it is typed, so that a dead connection or a closed lid loses nothing. Nothing is
// kept in the browser: others may use the same computer. Where the form carries the version that was saved and somebody
// else saved first, nothing of theirs is overwritten and the page says so. Without a script a button does the same.
const WAIT = 2000
const RETRY = 10000

for (const form of document.querySelectorAll('form[data-kinfold-keep]')) {
  const said = form.querySelector('[data-kinfold-keep-said]')
  const version = form.querySelector('input[name=version]')
  let timer
  let unsaved = false
  let stopped = false

  const save = async () => {
    if (stopped) return
    try {
      const answer = await fetch(form.dataset.kinfoldKeep, { method: 'POST', body: new FormData(form), redirect: 'error' })
      const told = await answer.json()
      unsaved = !told.saved
      if (told.saved && version) version.value = told.version
      stopped = answer.status === 409
      said.textContent = told.saved ? `Kept at ${told.at}` : told.why || 'What you typed could not be kept.'
    } catch {
      said.textContent = 'No connection: what you typed is not kept yet. It is tried again; leave this page open.'
      timer = setTimeout(save, RETRY)
    }
  }

  form.addEventListener('input', () => {
    unsaved = true
    clearTimeout(timer)
    timer = setTimeout(save, WAIT)
  })
  form.addEventListener('submit', () => {
    unsaved = false
    stopped = true
    clearTimeout(timer)
  })
  window.addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault()
  })
}
