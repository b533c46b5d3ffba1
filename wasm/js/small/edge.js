// Edge functions of Vercel and Next.js, where `?module` imports a module compiled.
import module from 'libmpass:module';
import { provide } from './crossing.js';

provide(() => module);
