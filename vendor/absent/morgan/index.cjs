'use strict';
module.exports = require('../absent.cjs')('morgan', 'the application service of matrix-bot-sdk');
