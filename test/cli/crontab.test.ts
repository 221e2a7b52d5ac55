import { readCrontab } from '../../cli/crontab.js';

const CRONTAB = `
# comment
MAILTO=ops@example.com
30 2 * * 1-5  /opt/app/backup.sh --full > /dev/null 2>&1
CRON_TZ="Europe/Berlin"
@daily curl -s https://a.example/x
0 0 1 1 *\tphp /srv/artisan report
5 * * * * php /srv/artisan report
@reboot /opt/start
nonsense
`;

test('each line is a schedule, by a name of its own', () => {
  expect(readCrontab(CRONTAB, false)).toEqual({
    lines: [
      { name: 'backup-full', cron: '30 2 * * 1-5', command: '/opt/app/backup.sh --full > /dev/null 2>&1' },
      { name: 'curl-s-x', cron: '0 0 * * *', timezone: 'Europe/Berlin', command: 'curl -s https://a.example/x' },
      { name: 'php-artisan-report', cron: '0 0 1 1 *', timezone: 'Europe/Berlin', command: 'php /srv/artisan report' },
      {
        name: 'php-artisan-report-2',
        cron: '5 * * * *',
        timezone: 'Europe/Berlin',
        command: 'php /srv/artisan report',
      },
    ],
    left: ['@reboot /opt/start', 'nonsense'],
  });
});

test('the form of /etc/crontab has a user before the command', () => {
  expect(readCrontab('0 3 * * * root /opt/x', true).lines).toMatchObject([{ name: 'x', command: '/opt/x' }]);
});
