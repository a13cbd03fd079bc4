import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

/** A pause in typing after which a search begins. */
const PAUSE_MS = 250;

interface SearchInputProps {
  label: string;
  /** Called with the text after a pause in typing, and again only when it changed. */
  onSearch(text: string): void;
}

/** A field that searches while the user types. */
export function SearchInput({ label, onSearch }: SearchInputProps) {
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onSearch]);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      w={{ base: '100%', xs: 280 }}
    />
  );
}
