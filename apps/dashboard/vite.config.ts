import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/dashboard/',
  plugins: [react(), tailwindcss()],
  // A data URL would need an exception in the content security policy.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2024' },
})
