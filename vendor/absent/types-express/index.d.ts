// Stands in for the types of a package that stands in: see ../../README.md.
export {};
