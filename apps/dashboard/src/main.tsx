import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { applyTheme } from './data/theme.ts'
import './styles.css'

applyTheme()
// A newer version has other files. A page that is open for long gets them, and one that has just been loaded has failed.
addEventListener('vite:preloadError', () => {
  if (performance.now() > 10_000) location.reload()
})
const root = document.querySelector('#root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
