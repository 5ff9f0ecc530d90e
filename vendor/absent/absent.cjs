'use strict';
// What every stand-in of this folder exports: names may be read of it, as importers do when they load; to call or construct one throws.
module.exports = function absent(name, belongsTo) {
  const refuse = () => {
    throw new Error(`${name} is not installed: it belongs to ${belongsTo}, which Tocsin does not use (vendor/README.md)`);
  };
  const standIn = new Proxy(function () {}, {
    apply: refuse,
    construct: refuse,
    get: (target, key) => (typeof key === 'symbol' || key in target || key === '__esModule' || key === 'then' ? target[key] : standIn),
  });
  return standIn;
};
