import { useState } from 'react'

export type Theme = 'light' | 'dark'
const name = 'longhaul-theme'

/** The chosen theme, or that of the system. */
function chosen(): Theme {
  const stored = localStorage.getItem(name)
  if (stored === 'light' || stored === 'dark') return stored
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export function applyTheme(theme: Theme = chosen()): void {
  document.documentElement.dataset['theme'] = theme
}

export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(chosen)
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark'
    localStorage.setItem(name, next)
    applyTheme(next)
    setTheme(next)
  }
  return [theme, toggle]
}
