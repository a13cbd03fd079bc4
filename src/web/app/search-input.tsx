import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

/** A pause in typing after which a search begins. */
const PAUSE_MS = 250;

interface SearchInputProps {
  label: string;
  /** What is searched for; the field follows when something else changes it. */
  value?: string;
  /** Called with the text after a pause in typing, and again only when it changed. */
  onSearch(text: string): void;
}

/** A field that searches while the user types. */
export function SearchInput({ label, value, onSearch }: SearchInputProps) {
  const [text, setText] = useState(value ?? '');
  const searched = useRef(value ?? '');
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text.trim() === searched.current) return;
      searched.current = text.trim();
      onSearch(searched.current);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onSearch]);
  useEffect(() => {
    if (value === undefined || value === searched.current) return;
    searched.current = value;
    setText(value);
  }, [value]);
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
