'use strict';
module.exports = require('../absent.cjs')('lowdb', 'the file storage of matrix-bot-sdk');
