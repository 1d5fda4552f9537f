import { Button, type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Mantine's parts in our tokens (ui/tokens.css): its own colours are replaced, because they are too faint for WCAG AA. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  defaultRadius: 'var(--radius-m)',
  focusRing: 'auto',
  respectReducedMotion: true,
  /** `filled` starts something, `default` is everything else, `subtle` stays in the background; `red` is for what cannot be undone. */
  variantColorResolver: ({ variant, color }) => {
    const danger = color === 'red';
    if (variant === 'filled')
      return {
        background: danger ? 'var(--error)' : 'var(--accent)',
        hover: danger ? 'var(--error)' : 'var(--accent-strong)',
        color: 'var(--on-accent)',
        border: '1px solid transparent',
      };
    const quiet = variant === 'subtle' || variant === 'transparent';
    return {
      background: quiet ? 'transparent' : 'var(--raised)',
      hover: 'var(--sunken)',
      color: danger ? 'var(--error)' : quiet ? 'var(--accent)' : 'var(--ink)',
      border: `1px solid ${quiet ? 'transparent' : 'var(--line-strong)'}`,
    };
  },
  components: {
    // Two sizes: `md` for every target, `xl` for what starts something.
    Button: Button.extend({
      defaultProps: { variant: 'default', size: 'md' },
      vars: (_, { size }) => ({
        root: {
          '--button-height': size === 'xl' ? 'var(--target-big)' : 'var(--target)',
          '--button-padding-x': size === 'xl' ? '1.75rem' : '1.125rem',
          '--button-fz': size === 'xl' ? 'var(--text-l)' : 'var(--text-m)',
        },
      }),
    }),
  },
});

const colors = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-2)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--error)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--raised)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink-2)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-strong)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: { '--mantine-line-height': '1.45' },
  light: colors,
  dark: colors,
});
