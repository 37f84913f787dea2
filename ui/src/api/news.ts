// When to look again. Today every page asks at intervals while it is looked at; a stream of events
// takes the place of this clock without any page noticing.

const SECONDS = 15;

/** For `useQuery`: what others did shows within so many milliseconds. */
export const news = { refetchInterval: SECONDS * 1000, refetchOnWindowFocus: true } as const;
