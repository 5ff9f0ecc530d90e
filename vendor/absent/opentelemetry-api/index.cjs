'use strict';
module.exports = require('../absent.cjs')('@opentelemetry/api', 'the exemplars of prom-client');
