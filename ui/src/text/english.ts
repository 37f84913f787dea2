// All that is needed to speak English, in one piece: the pages' sentences and those of the controls.
export { default as enUS } from 'antd/locale/en_US';
export { en } from './en';
