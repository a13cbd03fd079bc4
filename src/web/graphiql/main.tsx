import '@mantine/core/styles.css';
import { createRoot } from 'react-dom/client';
import { ExplorerApp } from './explorer-app.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element #root.');
createRoot(root).render(<ExplorerApp />);
