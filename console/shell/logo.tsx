export function Logo() {
  return (
    <div class="logo">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#3b54c9" />
        <circle cx="16" cy="16" r="8.5" fill="none" stroke="#fff" stroke-width="2.5" />
        <path d="M16 11v5.4l3.6 2.4" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" />
      </svg>
      <span>Punctual</span>
    </div>
  );
}
