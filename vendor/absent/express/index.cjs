'use strict';
module.exports = require('../absent.cjs')('express', 'the application service of matrix-bot-sdk');
