import {
  IconAddressBook,
  IconBriefcase,
  IconChecklist,
  IconFiles,
  IconSettings,
  IconTargetArrow,
  IconUser,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { messages } from '../messages/messages.ts';
import classes from './navigation.module.css';

/** The lists of places. A view of a place belongs to the list of its type. */
const lists = [
  {
    href: '/projects',
    icon: IconChecklist,
    label: messages.navigation.projects,
    types: ['Project', 'Task', 'Comment'],
  },
  { href: '/contacts', icon: IconAddressBook, label: messages.navigation.contacts, types: ['Contact'] },
  { href: '/opportunities', icon: IconTargetArrow, label: messages.navigation.opportunities, types: ['Opportunity'] },
  { href: '/cases', icon: IconBriefcase, label: messages.navigation.cases, types: ['Case'] },
  { href: '/files', icon: IconFiles, label: messages.navigation.files, types: ['File'] },
];

const account = { href: '/account', icon: IconUser, label: messages.account.title, types: [] as string[] };
const administration = {
  href: '/admin/users',
  icon: IconSettings,
  label: messages.admin.title,
  types: [] as string[],
};

/** The links to the lists of places, to all files, and to what concerns users. */
export function Navigation({ canAdminister }: { canAdminister: boolean }) {
  const [location] = useLocation();
  const path = location.split('/')[1] || 'projects';
  return (
    <ul className={classes.list}>
      {[...lists, account, ...(canAdminister ? [administration] : [])].map(({ href, icon: Icon, label, types }) => {
        const isCurrent = href.split('/')[1] === path || types.includes(path.split(':')[0] ?? '');
        return (
          <li key={href}>
            <Link href={href} className={classes.link} aria-current={isCurrent ? 'page' : undefined}>
              <Icon size={18} stroke={1.5} aria-hidden />
              {label}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
