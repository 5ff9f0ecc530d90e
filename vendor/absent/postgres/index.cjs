'use strict';
module.exports = require('../absent.cjs')('postgres', 'the PostgreSQL storage of matrix-bot-sdk');
