// Human text for every status that the API answers with, keyed by the slug of the problem's type.

interface StatusText {
  en: string;
  ru: string;
}

export const statuses: Readonly<Record<string, StatusText>> = {
  'unauthenticated': { en: 'Sign in again: the session has ended.', ru: 'Войдите заново: сеанс закончился.' },
  'scope-missing': { en: 'This key lacks the scope for that.', ru: 'У этого ключа нет нужных прав.' },
  'sign-in-failed': { en: 'Login or password is wrong.', ru: 'Неверный логин или пароль.' },
  'too-many-sign-ins': { en: 'Too many failed sign-ins. Wait a little.', ru: 'Слишком много неудачных входов. Подождите немного.' },
  'user-required': { en: 'Only a user has a password.', ru: 'Пароль есть только у пользователя.' },
  'user-exists': { en: 'There is a user with this login.', ru: 'Пользователь с таким логином уже есть.' },
  'own-account': { en: 'You cannot take your own access away.', ru: 'Нельзя отнять доступ у самого себя.' },
  'role-built-in': { en: 'A built-in role stays as it is.', ru: 'Встроенную роль изменить нельзя.' },
  'role-in-use': { en: 'Users have this role: take it from them first.', ru: 'Роль есть у пользователей: сначала снимите её.' },
  'too-many-roles': { en: 'There are as many roles as may be.', ru: 'Ролей уже столько, сколько можно.' },
  'tenant-exists': { en: 'There is a tenant with this short name.', ru: 'Организация с таким кратким именем уже есть.' },
  'default-tenant': { en: 'The default tenant stays enabled.', ru: 'Основную организацию отключить нельзя.' },
  'invalid-request': { en: 'Some fields are wrong.', ru: 'Некоторые поля заполнены неверно.' },
  'invalid-json': { en: 'The request is not valid JSON.', ru: 'Запрос не является корректным JSON.' },
  'not-found': { en: 'There is no such record.', ru: 'Такой записи нет.' },
  'internal-error': { en: 'The server failed. Try again later.', ru: 'На сервере произошла ошибка. Попробуйте позже.' },
  'bad-request': { en: 'The server could not read the request.', ru: 'Сервер не смог прочитать запрос.' },
  'host-not-allowed': { en: 'The server does not answer under this address.', ru: 'Сервер не отвечает по этому адресу.' },
  'method-not-allowed': { en: 'That cannot be done here.', ru: 'Здесь это сделать нельзя.' },
  'request-timeout': { en: 'The request took too long. Try again.', ru: 'Запрос шёл слишком долго. Повторите.' },
  'too-many-requests': { en: 'Too many requests. Wait a little.', ru: 'Слишком много запросов. Подождите немного.' },
  'busy': { en: 'The server is busy. Send it again shortly.', ru: 'Сервер занят. Отправьте ещё раз чуть позже.' },
  'ledger-unavailable': {
    en: 'The ledger takes no transfers now. Send it again shortly.',
    ru: 'Журнал сейчас не принимает переводы. Отправьте ещё раз чуть позже.',
  },
  'body-too-large': { en: 'The request is too large.', ru: 'Запрос слишком большой.' },

  'id-must-not-be-zero': { en: 'The id is empty.', ru: 'Пустой идентификатор.' },
  'exists': { en: 'It exists already.', ru: 'Уже существует.' },
  'exists-with-different-kind': {
    en: 'A transfer with this id exists, of another kind.', ru: 'Перевод с этим идентификатором уже есть, но другого вида.',
  },
  'exists-with-different-pending-id': {
    en: 'A transfer with this id exists, for another pending transfer.',
    ru: 'Перевод с этим идентификатором уже есть, но для другого резерва.',
  },
  'exists-with-different-timeout': {
    en: 'A transfer with this id exists, with another time limit.', ru: 'Перевод с этим идентификатором уже есть, но с другим сроком.',
  },
  'exists-with-different-debit-account': {
    en: 'A transfer with this id exists, from another account.', ru: 'Перевод с этим идентификатором уже есть, но с другого счёта.',
  },
  'exists-with-different-credit-account': {
    en: 'A transfer with this id exists, to another account.', ru: 'Перевод с этим идентификатором уже есть, но на другой счёт.',
  },
  'exists-with-different-amount': {
    en: 'A transfer with this id exists, with another amount.', ru: 'Перевод с этим идентификатором уже есть, но с другой суммой.',
  },
  'exists-with-different-currency': {
    en: 'A transfer with this id exists, in another currency.', ru: 'Перевод с этим идентификатором уже есть, но в другой валюте.',
  },
  'exists-with-different-code': {
    en: 'A transfer with this id exists, with another code.', ru: 'Перевод с этим идентификатором уже есть, но с другим кодом.',
  },
  'exists-with-different-reference': {
    en: 'A transfer with this id exists, with another reference.', ru: 'Перевод с этим идентификатором уже есть, но с другим назначением.',
  },
  'exists-with-different-occurred-at': {
    en: 'A transfer with this id exists, with another time.', ru: 'Перевод с этим идентификатором уже есть, но с другим временем.',
  },
  'accounts-must-be-different': { en: 'Choose two different accounts.', ru: 'Выберите два разных счёта.' },
  'debit-account-not-found': { en: 'The account to debit does not exist.', ru: 'Счёта списания не существует.' },
  'credit-account-not-found': { en: 'The account to credit does not exist.', ru: 'Счёта зачисления не существует.' },
  'unknown-currency': { en: 'There is no such currency.', ru: 'Такой валюты нет.' },
  'amount-must-be-positive': { en: 'The amount must be above zero.', ru: 'Сумма должна быть больше нуля.' },
  'amount-too-large': { en: 'The amount is too large.', ru: 'Слишком большая сумма.' },
  'pending-transfer-not-found': { en: 'There is no such pending transfer.', ru: 'Такого резерва нет.' },
  'pending-transfer-not-pending': { en: 'That transfer is not pending.', ru: 'Этот перевод не является резервом.' },
  'pending-transfer-already-posted': { en: 'The pending transfer was already posted.', ru: 'Резерв уже проведён.' },
  'pending-transfer-already-voided': { en: 'The pending transfer was already voided.', ru: 'Резерв уже отменён.' },
  'pending-transfer-expired': { en: 'The pending transfer has expired.', ru: 'Срок резерва истёк.' },
  'debit-account-frozen': { en: 'The account to debit is frozen.', ru: 'Счёт списания заморожен.' },
  'credit-account-frozen': { en: 'The account to credit is frozen.', ru: 'Счёт зачисления заморожен.' },
  'linked-transfer-failed': { en: 'Another transfer of the same chain failed.', ru: 'Не прошёл другой перевод той же цепочки.' },
  'linked-chain-open': { en: 'The chain of linked transfers is not closed.', ru: 'Цепочка связанных переводов не закрыта.' },
  'code-out-of-range': { en: 'The code must be from 0 to 65535.', ru: 'Код должен быть от 0 до 65535.' },
  'reference-invalid': { en: 'The reference must be 1 to 64 plain characters.', ru: 'Назначение: от 1 до 64 обычных символов.' },
  'timeout-out-of-range': { en: 'The time limit is out of range.', ru: 'Недопустимый срок.' },
  'pending-id-required': { en: 'The pending transfer is missing.', ru: 'Не указан резерв.' },
  'pending-id-must-be-absent': { en: 'This kind of transfer names no pending transfer.', ru: 'У такого перевода не бывает резерва.' },
  'timeout-reserved-for-pending': { en: 'Only a pending transfer has a time limit.', ru: 'Срок бывает только у резерва.' },
  'debit-account-required': { en: 'The account to debit is missing.', ru: 'Не указан счёт списания.' },
  'credit-account-required': { en: 'The account to credit is missing.', ru: 'Не указан счёт зачисления.' },
  'pending-transfer-has-different-debit-account': {
    en: 'The pending transfer is from another account.', ru: 'Резерв сделан с другого счёта.',
  },
  'pending-transfer-has-different-credit-account': {
    en: 'The pending transfer is to another account.', ru: 'Резерв сделан на другой счёт.',
  },
  'exceeds-pending-amount': { en: 'The amount is more than was reserved.', ru: 'Сумма больше зарезервированной.' },
  'void-amount-must-match': { en: 'Voiding releases the whole amount.', ru: 'Отмена освобождает всю сумму целиком.' },
  'accounts-must-have-same-currency': { en: 'The accounts are in different currencies.', ru: 'Счета открыты в разных валютах.' },
  'currency-must-match-accounts': {
    en: 'The transfer is in another currency than the accounts.', ru: 'Валюта перевода не совпадает с валютой счетов.',
  },
  'overflows-balance': { en: 'The balance would grow past the limit.', ru: 'Остаток превысил бы допустимый предел.' },
  'exceeds-credits': {
    en: 'Not enough money on the account to debit (its overdraft limit included).',
    ru: 'На счёте списания недостаточно средств (с учётом овердрафта).',
  },
  'exceeds-debits': {
    en: 'The account to credit may not take that much.', ru: 'Счёт зачисления не может принять такую сумму.',
  },

  'account-not-found': { en: 'There is no such account.', ru: 'Такого счёта нет.' },
  'account-exists-with-different-name': {
    en: 'An account with this id exists, with another name.', ru: 'Счёт с этим идентификатором уже есть, но с другим названием.',
  },
  'account-exists-with-different-kind': {
    en: 'An account with this id exists, of another kind.', ru: 'Счёт с этим идентификатором уже есть, но другого вида.',
  },
  'account-exists-with-different-currency': {
    en: 'An account with this id exists, in another currency.', ru: 'Счёт с этим идентификатором уже есть, но в другой валюте.',
  },
  'account-exists-with-different-flags': {
    en: 'An account with this id exists, with other limits.', ru: 'Счёт с этим идентификатором уже есть, но с другими ограничениями.',
  },
  'account-exists-with-different-overdraft-limit-minor': {
    en: 'An account with this id exists, with another overdraft limit.',
    ru: 'Счёт с этим идентификатором уже есть, но с другим овердрафтом.',
  },
  'transfer-not-found': { en: 'There is no such transfer.', ru: 'Такого перевода нет.' },
  'card-not-found': { en: 'There is no such card.', ru: 'Такой карты нет.' },
  'card-exists-with-different-account-id': {
    en: 'A card with this id exists, on another account.', ru: 'Карта с этим идентификатором уже есть, но на другом счёте.',
  },
  'card-exists-with-different-number': {
    en: 'A card with this id exists, with another number.', ru: 'Карта с этим идентификатором уже есть, но с другим номером.',
  },
  'card-number-registered': { en: 'This card is registered already.', ru: 'Эта карта уже зарегистрирована.' },
  'card-number-invalid': { en: 'Not a card number: check the digits.', ru: 'Это не номер карты: проверьте цифры.' },
  'key-not-found': { en: 'There is no such key.', ru: 'Такого ключа нет.' },
  'demo-running': { en: 'The demo is running already.', ru: 'Демонстрация уже идёт.' },
};

export function statusText(language: 'en' | 'ru', slug: string): string | null {
  return statuses[slug]?.[language] ?? null;
}
