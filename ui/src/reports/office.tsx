export { OfficePage as default } from './report';
