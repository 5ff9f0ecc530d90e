'use strict';
// Stands in for the dead package `request-promise`, which matrix-bot-sdk names and never loads: see ../README.md.
module.exports = require('../request/index.cjs');
