import type { ReactNode } from 'react';

/** A line of a `dl` with the class `details`. */
export function DetailRow({ label, children }: { label: string; children: ReactNode }) {
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}
