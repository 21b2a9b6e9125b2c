// Keeps what is being typed on the server, so that a dead connection or a closed lid loses nothing. Nothing is kept in
// the browser: others may use the same computer. Without a script there is the button "Keep as a draft".
const WAIT = 2000
const RETRY = 10000

for (const form of document.querySelectorAll('form[data-kinfold-draft]')) {
  const said = form.querySelector('[data-kinfold-draft-said]')
  let timer
  let unsaved = false

  const save = async () => {
    const values = new FormData(form)
    try {
      const answer = await fetch(form.dataset.kinfoldDraft, { method: 'POST', body: values, redirect: 'error' })
      const told = await answer.json()
      unsaved = !told.saved
      said.textContent = told.saved ? `Draft kept at ${told.at}` : told.why || 'The draft could not be kept.'
    } catch {
      said.textContent = 'No connection: the draft is not kept yet. It is tried again; leave this page open.'
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
    clearTimeout(timer)
  })
  window.addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault()
  })
}
