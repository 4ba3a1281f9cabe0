import { ActionIcon, Anchor, AppShell, Burger, Center, Group, Loader, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useI18n } from '../i18n';
import type { MessageKey } from '../i18n/en';
import { Icon, Spark, type IconName } from '../shared/icons';
import { ConnectionBanner } from './ConnectionBanner';
import { Preferences } from './Preferences';
import { useSession } from './session';

interface NavItem {
  to: string;
  label: MessageKey;
  icon: IconName;
  scope: string;
}

interface NavSection {
  label: MessageKey | null;
  items: NavItem[];
}

// Only what exists: an agent's page enters this list together with the page itself.
const sections: NavSection[] = [
  { label: null, items: [{ to: '/', label: 'nav.pulse', icon: 'pulse', scope: 'dashboards:read' }] },
  {
    label: 'nav.cards',
    items: [
      { to: '/cards/accounts', label: 'nav.accounts', icon: 'accounts', scope: 'cards:read' },
      { to: '/cards/transfers', label: 'nav.transfers', icon: 'transfers', scope: 'cards:read' },
    ],
  },
  { label: 'nav.platform', items: [{ to: '/jobs', label: 'nav.jobs', icon: 'jobs', scope: 'jobs:read' }] },
  {
    label: 'nav.settings',
    items: [
      { to: '/settings/users', label: 'nav.users', icon: 'users', scope: 'admin' },
      { to: '/settings/roles', label: 'nav.roles', icon: 'roles', scope: 'admin' },
      { to: '/settings/keys', label: 'nav.keys', icon: 'keys', scope: 'admin' },
      { to: '/settings/tenants', label: 'nav.tenants', icon: 'tenants', scope: 'system' },
      { to: '/settings/audit', label: 'nav.audit', icon: 'audit', scope: 'audit:read' },
      { to: '/settings/backups', label: 'nav.backups', icon: 'backups', scope: 'system' },
    ],
  },
];

function isActive(item: NavItem, pathname: string): boolean {
  return item.to === '/' ? pathname === '/' : pathname === item.to || pathname.startsWith(`${item.to}/`);
}

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useI18n();
  const { can } = useSession();
  const { pathname } = useLocation();
  return sections.map((section) => {
    const items = section.items.filter((item) => can(item.scope));
    return items.length === 0 ? null : (
      <div key={section.label ?? 'first'}>
        {section.label !== null && <div className="nav-head">{t(section.label)}</div>}
        {items.map((item) => {
          const active = isActive(item, pathname);
          return (
            <NavLink
              key={item.to} component={Link} to={item.to} active={active} aria-current={active ? 'page' : undefined}
              label={t(item.label)} leftSection={<Icon name={item.icon} />} onClick={onNavigate} style={{ borderRadius: 4 }}
            />
          );
        })}
      </div>
    );
  });
}

export function Shell() {
  const { t } = useI18n();
  const { state, signOut } = useSession();
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(() => {
    // In braces: browsers return a promise here now, and an effect may only return a function.
    window.scrollTo(0, 0);
  }, [pathname]);
  const session = state.kind === 'signedIn' ? state.session : null;
  return (
    <>
      <a className="skip" href="#main">{t('app.skip')}</a>
      <AppShell header={{ height: 52 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding={{ base: 10, sm: 16 }}>
        <AppShell.Header>
          <Group h="100%" px={{ base: 10, sm: 16 }} gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('app.menu')} aria-expanded={opened} />
            <Link to="/" style={{ display: 'flex', alignItems: 'center', gap: 8, color: 'inherit', textDecoration: 'none' }}>
              <Spark />
              <Text fw={700} component="span">Iskra</Text>
            </Link>
            <Group ml="auto" gap="xs" wrap="nowrap">
              {session !== null && (
                <Anchor component={Link} to="/profile" size="sm" visibleFrom="sm" c="dimmed" className="ellipsis"
                  title={t('profile.title')}>{`${session.name} · ${session.tenantName}`}</Anchor>
              )}
              <ActionIcon component={Link} to="/profile" variant="default" size={30} hiddenFrom="sm" aria-label={t('profile.title')}>
                <Icon name="users" />
              </ActionIcon>
              <Preferences />
              <ActionIcon variant="default" size={30} aria-label={t('app.signOut')} title={t('app.signOut')} onClick={() => void signOut()}>
                <Icon name="signOut" />
              </ActionIcon>
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label={t('app.navigation')}>
          <Navigation onNavigate={close} />
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1} className="shell-main">
          <ConnectionBanner />
          <div className="page">
            <Suspense fallback={<Center h="40vh"><Loader /></Center>}>
              <Outlet />
            </Suspense>
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  );
}
