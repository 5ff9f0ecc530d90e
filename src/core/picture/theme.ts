export type ThemeName = 'light' | 'dark';

/** Colours of a drawing, as CSS takes them. Every state is told apart by its shape, too (`marks.ts`): whoever sees no colours misses nothing. */
export interface Theme {
  ground: string;
  text: string;
  faint: string;
  /** Thin lines that nothing is read from. */
  line: string;
  /** Behind every second row. */
  band: string;
  open: string;
  warn: string;
  restrict: string;
  throttle: string;
  block: string;
  shutdown: string;
  /** What a pattern is cut out of its colour with. */
  cut: string;
}

/** Contrast with the ground: text at least 7:1, marks at least 3:1 (a test reckons it). */
export const THEMES: Record<ThemeName, Theme> = {
  light: {
    ground: '#ffffff',
    text: '#1b1f24',
    faint: '#57606a',
    line: '#8c959f',
    band: '#f6f8fa',
    open: '#1a7f37',
    warn: '#9a6700',
    restrict: '#bc4c00',
    throttle: '#bc4c00',
    block: '#cf222e',
    shutdown: '#1b1f24',
    cut: '#ffffff',
  },
  dark: {
    ground: '#15191f',
    text: '#f0f3f6',
    faint: '#b1bac4',
    line: '#6e7681',
    band: '#1c222a',
    open: '#3fb950',
    warn: '#e3b341',
    restrict: '#f0883e',
    throttle: '#f0883e',
    block: '#ff6a61',
    shutdown: '#f0f3f6',
    cut: '#15191f',
  },
};
