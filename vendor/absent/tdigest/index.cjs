'use strict';
module.exports = require('../absent.cjs')('tdigest', 'the summaries of prom-client');
