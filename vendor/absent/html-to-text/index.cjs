'use strict';
module.exports = require('../absent.cjs')('html-to-text', 'the HTML messages of matrix-bot-sdk');
