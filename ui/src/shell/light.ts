// Whether the pages are light or dark, and the switch between.
import { createContext, use } from 'react';
import type { Light } from './theme';

export interface Lit {
  light: Light;
  shine: (light: Light) => void;
}

export const LightContext = createContext<Lit | null>(null);

export function useLight(): Lit {
  const found = use(LightContext);
  if (!found) throw new Error('the light stands above every page');
  return found;
}
