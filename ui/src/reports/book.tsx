export { BookPage as default } from './report';
