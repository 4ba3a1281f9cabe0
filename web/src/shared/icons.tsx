import type { ReactNode } from 'react';

// A handful of line icons; a whole icon package would weigh more than the pages that use it.
const paths = {
  pulse: <path d="M2 12h4l3-8 5 16 3-8h5" />,
  accounts: <><rect x="3" y="5" width="18" height="14" rx="2" /><path d="M3 10h18M7 15h4" /></>,
  transfers: <path d="M4 8h15l-4-4M20 16H5l4 4" />,
  jobs: <><rect x="3" y="4" width="18" height="5" rx="1" /><rect x="3" y="12" width="18" height="5" rx="1" /><path d="M6 20h12" /></>,
  users: <><circle cx="12" cy="8" r="4" /><path d="M4 21c0-4.4 3.6-7 8-7s8 2.6 8 7" /></>,
  roles: <path d="M12 3l8 3v6c0 5-3.4 8-8 9-4.6-1-8-4-8-9V6z" />,
  tenants: <path d="M4 21V5l8-2v18M12 8h8v13M2 21h20M7 8h2M7 12h2M7 16h2M15 12h2M15 16h2" />,
  keys: <><circle cx="8" cy="15" r="4" /><path d="M11 12l9-9M16 7l3 3" /></>,
  audit: <><path d="M6 3h9l4 4v14H6z" /><path d="M9 12l2 2 4-4M9 17h6" /></>,
  backups: <><ellipse cx="12" cy="6" rx="8" ry="3" /><path d="M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3" /></>,
  light: (
    <><circle cx="12" cy="12" r="4" /><path d="M12 2v2M12 20v2M4 12H2M22 12h-2M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2" /></>
  ),
  dark: <path d="M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z" />,
  auto: <><circle cx="12" cy="12" r="9" /><path d="M12 3v18" /><path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor" /></>,
  signOut: <path d="M10 4H5v16h5M15 8l4 4-4 4M19 12H9" />,
  search: <><circle cx="11" cy="11" r="6" /><path d="M20 20l-4.5-4.5" /></>,
  plus: <path d="M12 5v14M5 12h14" />,
  refresh: <path d="M20 11a8 8 0 1 0-2 6M20 5v6h-6" />,
  play: <path d="M7 4l13 8-13 8z" />,
  stop: <rect x="5" y="5" width="14" height="14" rx="1" />,
  copy: <><rect x="9" y="9" width="11" height="11" rx="2" /><path d="M5 15V5a1 1 0 0 1 1-1h9" /></>,
  check: <path d="M4 12l5 6L20 6" />,
  filter: <path d="M3 5h18l-7 8v6l-4 2v-8z" />,
  card: <><rect x="3" y="5" width="18" height="14" rx="2" /><path d="M3 9h18" /></>,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.75}
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false"
    >
      {paths[name]}
    </svg>
  );
}

export function Spark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#1f2a44" />
      <path d="M16 4c1.3 7 4.7 10.4 11 12-6.3 1.6-9.7 5-11 12-1.3-7-4.7-10.4-11-12 6.3-1.6 9.7-5 11-12z" fill="#ffb02e" />
    </svg>
  );
}
