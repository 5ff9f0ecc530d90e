/**
 * Takes Node's `localStorage` away before grammY is loaded: the `debug` that `grammy/web` carries asks it for settings, and Node then prints a
 * warning to whoever started any command. Nothing here keeps anything in it. To be imported before grammY, hence a file of its own.
 */
Reflect.deleteProperty(globalThis, 'localStorage');
