// Runs in the page: finds what is seen there by its role and accessible name, as a screen reader would tell it.

/**
 * The elements that are shown and match. `role` with `name` (exact) or `says` (a part of it), or `css`; `within`, if
 * given, is an element. Self-contained: it is sent to the page as text.
 */
export function locate({ role, name, says, css }, within) {
  const NATIVE = {
    button: 'button,summary,input[type=submit],input[type=button]',
    link: 'a[href]',
    textbox: 'input:not([type]),input[type=text],input[type=tel],input[type=url],input[type=password],textarea',
    searchbox: 'input[type=search]',
    spinbutton: 'input[type=number]',
    checkbox: 'input[type=checkbox]',
    radio: 'input[type=radio]',
    combobox: 'select',
    heading: 'h1,h2,h3,h4,h5,h6',
    dialog: 'dialog[open]',
    list: 'ul,ol',
    listitem: 'li',
    main: 'main',
    navigation: 'nav',
    status: 'output',
    img: 'img',
    progressbar: 'progress',
  };
  const roleOf = (element) => element.getAttribute('role') ?? undefined;
  const plain = (text) => text.replace(/[\u2066-\u2069\u200e\u200f\u00ad]/g, '').replace(/\s+/g, ' ').trim();

  function content(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) return '';
    if (node.getAttribute('aria-hidden') === 'true' || node.hidden) return '';
    const label = node.getAttribute('aria-label') ?? node.getAttribute('alt');
    if (label) return label;
    const parts = [...node.childNodes].map(content);
    return getComputedStyle(node).display.startsWith('inline') ? parts.join('') : ` ${parts.join('')} `;
  }

  function nameOf(element) {
    const labelledBy = element.getAttribute('aria-labelledby');
    if (labelledBy) {
      const labels = labelledBy.split(/\s+/).map((id) => document.getElementById(id));
      return plain(labels.map((label) => (label ? content(label) : '')).join(' '));
    }
    if (element.ariaLabel) return plain(element.ariaLabel);
    if (element.labels?.length) return plain([...element.labels].map(content).join(' '));
    return plain(content(element) || element.placeholder || element.title || '');
  }

  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest('[inert],[aria-hidden=true]') &&
    element.getClientRects().length > 0;

  const selector = css ?? [NATIVE[role], `[role=${role}]`].filter(Boolean).join(',');
  const matches = (element) => {
    if (role && (roleOf(element) ?? role) !== role) return false;
    if (!isShown(element)) return false;
    if (name !== undefined) return nameOf(element) === plain(name);
    if (says !== undefined) return nameOf(element).includes(plain(says));
    return true;
  };
  return [...(within ?? document).querySelectorAll(selector)].filter(matches);
}

/** The text that is seen, without the marks that only set directions. */
export function seenText(within) {
  return (within ?? document.body).innerText.replace(/[\u2066-\u2069\u200e\u200f]/g, '');
}
