/** First import of `/sign-in`: the token leaves the address before anything else happens. It is good once. */
export const token: string | null = location.hash.length > 1 ? location.hash.slice(1) : null;
if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
