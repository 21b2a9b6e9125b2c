// Only the parts our templates use: each works without JavaScript and is made better by it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll
} from 'govuk-frontend'
import { SortableTable } from '@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs'

for (const Part of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  SortableTable
]) {
  createAll(Part)
}

// A button that only a script can make useful is hidden until the script is here.
for (const button of document.querySelectorAll('[data-kinfold-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// A list's filter starts closed where it would push the list off the first screen.
if (window.matchMedia('(max-width: 48em)').matches) {
  for (const filter of document.querySelectorAll('details[data-kinfold-filter]')) filter.open = false
}

// A number that a page may be asked with can be slid too; the field beside it is what is sent.
for (const field of document.querySelectorAll('input[data-slider]')) {
  const slider = document.createElement('input')
  const { low, high, step } = field.dataset
  Object.assign(slider, { type: 'range', min: low, max: high, step, value: field.value, className: 'kinfold-slider' })
  slider.setAttribute('aria-label', document.querySelector(`label[for="${field.id}"]`).textContent)
  slider.addEventListener('input', () => { field.value = slider.value })
  field.addEventListener('input', () => { slider.value = field.value })
  field.after(slider)
}

// Work under way shows itself again without reloading the page; without a script the page asks the browser to reload.
async function showAgain (part) {
  const seconds = Number(part.dataset.kinfoldRefresh)
  if (!part.id || !(seconds > 0)) return
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  if (document.hidden) return showAgain(part) // nobody reads it: a look would be written down for nothing
  let fresh = part
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: 'text/html' } })
    fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id)
  } catch {
    return showAgain(part)
  }
  if (!fresh) return window.location.reload()
  const page = fresh.ownerDocument
  part.replaceWith(fresh)
  for (const old of document.querySelectorAll(`[data-kinfold-with="${CSS.escape(fresh.id)}"]`)) showWith(old, page)
  return showAgain(fresh)
}

// What has come so far stands beside the work under way and changes with it, but not under the hands of whoever is in it.
function showWith (old, page) {
  const fresh = page.getElementById(old.id)
  if (!fresh || fresh.textContent === old.textContent || old.contains(document.activeElement)) return
  old.replaceWith(fresh)
  for (const Part of [Button, SortableTable]) createAll(Part, undefined, fresh)
}
for (const part of document.querySelectorAll('[data-kinfold-refresh]')) showAgain(part)
