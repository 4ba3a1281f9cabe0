/** What may be shown of a card: the first six and the last four digits. */
export function maskCard(bin: string, last4: string): string {
  const digits = bin.slice(0, 6).padEnd(6, '*') + '******' + last4.slice(-4);
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** Twelve to nineteen digits that pass the Luhn check (ISO/IEC 7812-1). */
export function isCardNumber(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length < 12 || digits.length > 19) {
    return false;
  }
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
