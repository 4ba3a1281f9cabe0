import { ActionIcon, Menu, SegmentedControl, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useI18n, type Language } from '../i18n';
import { Icon } from '../shared/icons';

const schemes = ['light', 'dark', 'auto'] as const;

/** Language and colours; on the sign-in page too, because someone who can't read the page can't sign in. */
export function Preferences() {
  const { t, language, setLanguage } = useI18n();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const computed = useComputedColorScheme('light');
  return (
    <>
      <SegmentedControl
        size="xs" aria-label={t('app.language')} value={language} onChange={(value) => setLanguage(value as Language)}
        data={[{ value: 'ru', label: 'RU' }, { value: 'en', label: 'EN' }]}
      />
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t('app.scheme')}>
            <Icon name={colorScheme === 'auto' ? 'auto' : computed} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {schemes.map((scheme) => (
            <Menu.Item
              key={scheme} leftSection={<Icon name={scheme} size={16} />} onClick={() => setColorScheme(scheme)}
              rightSection={scheme === colorScheme ? <Icon name="check" size={14} /> : null}
            >
              {t(`app.scheme.${scheme}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
