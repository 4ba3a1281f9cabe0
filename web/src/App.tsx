import { Center, Loader } from '@mantine/core';
import { lazy, type ReactNode } from 'react';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { CrashPage } from './shell/CrashPage';
import { FailedStart } from './shell/FailedStart';
import { NotFoundPage } from './shell/NotFoundPage';
import { RequireScope } from './shell/RequireScope';
import { useSession } from './shell/session';
import { Shell } from './shell/Shell';
import { SignInPage } from './shell/SignInPage';

const PulsePage = lazy(() => import('./pulse/PulsePage'));
const AccountsPage = lazy(() => import('./cards/AccountsPage'));
const AccountPage = lazy(() => import('./cards/AccountPage'));
const TransfersPage = lazy(() => import('./cards/TransfersPage'));
const PostTransferPage = lazy(() => import('./cards/PostTransferPage'));
const AuditPage = lazy(() => import('./settings/AuditPage'));
const JobsPage = lazy(() => import('./jobs/JobsPage'));
const KeysPage = lazy(() => import('./settings/KeysPage'));
const BackupsPage = lazy(() => import('./settings/BackupsPage'));
const UsersPage = lazy(() => import('./settings/UsersPage'));
const RolesPage = lazy(() => import('./settings/RolesPage'));
const TenantsPage = lazy(() => import('./settings/TenantsPage'));
const ProfilePage = lazy(() => import('./settings/ProfilePage'));

function route(path: string, scope: string, element: ReactNode) {
  return { path, element: <RequireScope scope={scope}>{element}</RequireScope>, errorElement: <CrashPage /> };
}

const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <CrashPage />,
    children: [
      route('/', 'dashboards:read', <PulsePage />),
      route('/cards/accounts', 'cards:read', <AccountsPage />),
      route('/cards/accounts/:accountId', 'cards:read', <AccountPage />),
      route('/cards/transfers', 'cards:read', <TransfersPage />),
      route('/cards/transfers/new', 'cards:write', <PostTransferPage />),
      route('/settings/audit', 'audit:read', <AuditPage />),
      route('/jobs', 'jobs:read', <JobsPage />),
      route('/settings/keys', 'admin', <KeysPage />),
      route('/settings/backups', 'system', <BackupsPage />),
      route('/settings/users', 'admin', <UsersPage />),
      route('/settings/roles', 'admin', <RolesPage />),
      route('/settings/tenants', 'system', <TenantsPage />),
      { path: '/profile', element: <ProfilePage />, errorElement: <CrashPage /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]);

export function App() {
  const { state } = useSession();
  switch (state.kind) {
    case 'loading':
      return <Center h="100dvh"><Loader /></Center>;
    case 'signedOut':
      return <SignInPage />;
    case 'failed':
      return <FailedStart />;
    case 'signedIn':
      return <RouterProvider router={router} />;
  }
}
