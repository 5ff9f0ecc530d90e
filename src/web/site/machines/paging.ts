/** Incidents of one page, where nobody says otherwise, and at most. */
export const PAGE = 50;
export const MAX_PAGE = 100;
