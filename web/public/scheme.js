// Sets the colours and the language before the first paint. It is a file of its own because the content security policy
// forbids inline scripts, and not a module because a module would run only after the page was painted once.
(function () {
  var root = document.documentElement;
  var stored = null;
  var language = null;
  try {
    stored = localStorage.getItem('iskra.scheme');
    language = localStorage.getItem('iskra.language');
  } catch (_) {
    // Storage may be switched off; the defaults serve.
  }
  var dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.lang = language === 'ru' || language === 'en' ? language : /^ru/i.test(navigator.language) ? 'ru' : 'en';
})();
