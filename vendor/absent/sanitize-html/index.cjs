'use strict';
module.exports = require('../absent.cjs')('sanitize-html', 'the rich replies of matrix-bot-sdk');
