/** The guides under `/docs/`, in the order in which they are read. */
export const GUIDES = ["first-map", "filters", "tiles", "clusters", "other-maps", "ogc", "widget", "till"] as const;
