import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

// A calm slate blue; the spark's amber is for the logo and never for text, where it could not be read on white.
const slate: MantineColorsTuple = [
  '#eef3fb', '#dbe4f3', '#b5c7e6', '#8ca8d9', '#6b8ecd', '#557dc6', '#4a74c3', '#3b63ad', '#33589b', '#274b89',
];

export const theme = createTheme({
  primaryColor: 'slate',
  primaryShade: { light: 8, dark: 7 },
  colors: { slate },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' }, h2: { fontSize: '1.0625rem',
    lineHeight: '1.4' } } },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm', fz: 'sm' } },
    Modal: { defaultProps: { centered: true } },
  },
});

// Mantine's own dimmed text and placeholders miss the 4.5:1 contrast that WCAG AA asks for.
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#565e68', '--mantine-color-placeholder': '#6a727c', '--mantine-color-error': '#c92a2a' },
  dark: { '--mantine-color-dimmed': '#a3a8b0', '--mantine-color-placeholder': '#9095a0', '--mantine-color-error': '#ff8787' },
});
